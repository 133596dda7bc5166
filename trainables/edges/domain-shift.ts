import type { EdgeDomain } from './edge-images.js'

/** In what the edges that are judged by differ from those that are trained on: nothing, where they are, or how wide they are. */
export const edgeShiftNames = ['none', 'positions', 'widths'] as const

/** The name of one of {@link edgeShiftNames}. */
export type EdgeShift = (typeof edgeShiftNames)[number]

const everywhere: EdgeDomain = { places: [0, 1], widths: [1, 2, 3, 4, 5] }

/** The edges that are trained on, and the others. */
export const edgeShifts: Readonly<Record<EdgeShift, { readonly trained: EdgeDomain; readonly shifted: EdgeDomain }>> = {
  none: { trained: everywhere, shifted: everywhere },
  positions: { trained: { ...everywhere, places: [0, 0.5] }, shifted: { ...everywhere, places: [0.5, 1] } },
  widths: { trained: { ...everywhere, widths: [4, 5] }, shifted: { ...everywhere, widths: [1, 2] } },
}
