export * from '../../testing/searcher.js'
