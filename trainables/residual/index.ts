export { cifarResidual, type ResidualArchitecture, resnet18, resnet152 } from './architecture.js'
export { type CifarResNetMetrics, cifarResNet, default as cifarResNetTrainable } from './cifar-resnet.js'
export { type CifarResNetConfig, type CifarResNetSettings, cifarResNetSettings } from './config.js'
export { buildResidualNetwork } from './residual-network.js'
