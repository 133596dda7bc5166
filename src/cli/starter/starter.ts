import { type StarterLanguage, studyProgram, trainProgram } from './programs.js'

/** What a starter is made for. */
export interface StarterOptions {
  readonly language: StarterLanguage
  /** The package's name. */
  readonly name: string
  /** What stands for tunewright in its dependencies: a range of versions, or where a package lies. */
  readonly tunewright: string
}

/** The packages that a starter needs beside tunewright. */
const packages = {
  dependencies: { echarts: '^6.0.0' },
  ts: { '@types/node': '^20.19.0', tsx: '^4.20.0', typescript: '^6.0.0' },
} as const

/** The files of a study that runs at once, by name. */
export function starterFiles(options: StarterOptions): Readonly<Record<string, string>> {
  const { language } = options
  return {
    'package.json': json(manifest(options)),
    [`study.${language}`]: studyProgram(language),
    [`train.${language}`]: trainProgram(language),
    ...(language === 'ts' && { 'tsconfig.json': json(compilerOptions) }),
    '.gitignore': 'node_modules/\ntunewright-results/\n',
    'README.md': readme(options),
  }
}

/** How a starter's study is started without npm. */
export function startCommand(language: StarterLanguage): string {
  return language === 'ts' ? 'node --import tsx study.ts' : 'node study.js'
}

function manifest({ language, name, tunewright }: StarterOptions) {
  const isTyped = language === 'ts'
  return {
    name,
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      start: startCommand(language),
      resume: `tunewright resume --script study.${language}`,
      report: 'tunewright report --open',
      ...(isTyped && { types: 'tsc' }),
    },
    dependencies: { ...packages.dependencies, tunewright },
    ...(isTyped && { devDependencies: packages.ts }),
  }
}

const compilerOptions = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
}

function readme({ language, name }: StarterOptions): string {
  return `# ${name}

A study with [tunewright](https://www.npmjs.com/package/tunewright): \`train.${language}\` is what is tuned, \`study.${language}\` says how.

\`\`\`bash
npm install
npm start                      # runs the study in worker threads; Ctrl-C leaves it so that it can go on
npm run resume                 # goes on with the study that was left last
npm run report                 # writes a page on the newest study, and opens it

npx tunewright show            # the newest study in the terminal; \`tunewright ls\` lists all
npx tunewright best            # its best config
npx tunewright compare tunewright-results   # all studies side by side
npx tunewright help            # what else there is
\`\`\`
`
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
