export { buildAlexNet } from './alexnet.js'
export { type AlexNetArchitecture, alexNet } from './architecture.js'
