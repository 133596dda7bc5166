export { type BodyAndHead, freezeBody, unfreezeBody } from './body-and-head.js'
export { activationsOf, firstFilters, type Planes } from './first-layer.js'
export { buildImageModel, type ImageModel, type ImageModelName, imageModels } from './image-model.js'
