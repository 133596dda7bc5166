export {
  buildEdgeNetwork,
  type EdgeImageShape,
  type EdgeNetworkName,
  type EdgeNetworkSizes,
  edgeNetworkNames,
} from './build-edge-network.js'
export { type EdgeDetectionConfig, type EdgeDetectionSettings, edgeDetectionSettings } from './config.js'
export { type EdgeShift, edgeShiftNames, edgeShifts } from './domain-shift.js'
export {
  default as edgeDetectionTrainable,
  type EdgeDetectionMetrics,
  edgeDetection,
} from './edge-detection.js'
export {
  type EdgeClass,
  type EdgeDomain,
  edgeClasses,
  edgeImageSide,
  edgeImages,
  edgeNormalization,
} from './edge-images.js'
export { fixedPixelOrder, permutePixels } from './pixel-order.js'
