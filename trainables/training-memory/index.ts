export { type TrainingMemoryConfig, type TrainingMemorySettings, trainingMemorySettings } from './config.js'
export { default as trainingMemoryTrainable, type TrainingMemoryMetrics, trainingMemory } from './training-memory.js'
