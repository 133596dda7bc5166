export default { test: { include: ['suite.mjs'], watch: false } }
