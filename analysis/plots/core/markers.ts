/**
 * Shapes of points, filled so that they look the same on a light and a dark ground. As paths they keep their proportions in legends. On a
 * square of 10 × 10.
 */
export const shapes = {
  disc: 'path://M5,0A5,5,0,1,1,5,10A5,5,0,1,1,5,0Z',
  square: 'path://M0.6,0.6H9.4V9.4H0.6Z',
  triangle: 'path://M5,0L10,9H0Z',
  diamond: 'path://M5,-0.5L10.5,5L5,10.5L-0.5,5Z',
  cross: 'path://M1.8,0L5,3.2L8.2,0L10,1.8L6.8,5L10,8.2L8.2,10L5,6.8L1.8,10L0,8.2L3.2,5L0,1.8Z',
  plus: 'path://M3.7,0H6.3V3.7H10V6.3H6.3V10H3.7V6.3H0V3.7H3.7Z',
  ring: 'path://M5,0A5,5,0,1,1,5,10A5,5,0,1,1,5,0ZM5,2A3,3,0,1,0,5.01,2Z',
  tip: 'path://M0,1H10L5,10Z',
  dash: 'path://M0,4H24V6H0Z',
  hair: 'path://M0,4.6H24V5.4H0Z',
  stroke: 'path://M0,2.5H24V7.5H0Z',
  bar: 'path://M0,0H24V8H0Z',
  star: 'path://M5,-0.6L6.5,3.4L10.8,3.6L7.4,6.2L8.6,10.4L5,8L1.4,10.4L2.6,6.2L-0.8,3.6L3.5,3.4Z',
} as const

/** How the points of series differ, whatever their colour. */
export const markers: readonly string[] = [
  shapes.disc,
  shapes.square,
  shapes.triangle,
  shapes.diamond,
  shapes.cross,
  shapes.ring,
  shapes.tip,
  shapes.plus,
]
