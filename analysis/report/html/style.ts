import { base } from './style/base.js'
import { components } from './style/components.js'
import { layout } from './style/layout.js'
import { print } from './style/print.js'
import { tables } from './style/tables.js'

/** The page's style sheet. */
export const style: string = [base, layout, components, tables, print].join('\n')
