/** What things look like. Each has a shape of its own, so that nobody needs the colours. */
import { s } from './dom.ts'

/** Strokes in a square of 48; `+` begins a filled shape. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  camera: ['M6 15h24v18H6z', 'M30 21l12-6v18l-12-6z', '+M14 24a4 4 0 1 0 8 0a4 4 0 1 0-8 0', 'M18 33v8', 'M11 41h14'],
  microphone: ['+M19 10a5 5 0 0 1 10 0v12a5 5 0 0 1-10 0z', 'M13 21a11 11 0 0 0 22 0', 'M24 32v9', 'M15 41h18'],
  interface: [
    'M4 15h40v18H4z',
    '+M9 24a3 3 0 1 0 6 0a3 3 0 1 0-6 0',
    '+M19 24a3 3 0 1 0 6 0a3 3 0 1 0-6 0',
    'M31 20v8',
    'M36 20v8',
  ],
  disk: ['M5 10h38v28H5z', 'M11 16h12', 'M11 22h8', '+M27 24a6 6 0 1 0 12 0a6 6 0 1 0-12 0', 'M11 32h12'],
  'bay-fault': ['M24 7l19 33H5z', 'M24 19v10', '+M22 34a2 2 0 1 0 4 0a2 2 0 1 0-4 0'],
  mains: ['M16 6v11', 'M32 6v11', '+M10 17h28v7a14 14 0 0 1-28 0z', 'M24 38v6'],
  battery: ['M4 14h36v20H4z', '+M40 20h4v8h-4z', '+M8 18h8v12H8z', '+M18 18h8v12h-8z', '+M28 18h8v12h-8z'],
  case: ['M9 6h24v36H9z', 'M33 6l8 5v26l-8 5', '+M26 22h4v5h-4z'],
  temperature: [
    'M20 8a4 4 0 0 1 8 0v19a8 8 0 1 1-8 0z',
    '+M20 34a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
    'M24 16v14',
    'M32 12h5',
    'M32 19h5',
  ],
  panel: ['M24 44V14', '+M19 14l5-9l5 9z', 'M24 33l-9-6v-6', 'M24 37l9-6v-5', '+M12 16h6v5h-6z', '+M30 21h6v5h-6z'],
  recorder: ['M4 13h40v22H4z', '+M9 24a4 4 0 1 0 8 0a4 4 0 1 0-8 0', 'M23 20h16', 'M23 24h16', 'M23 28h10'],
  rec: ['+M10 24a14 14 0 1 0 28 0a14 14 0 1 0-28 0'],
  off: ['+M13 11h8v26h-8z', '+M27 11h8v26h-8z'],
  stop: ['+M11 11h26v26H11z'],
  mark: ['M14 42V7', '+M14 8h22l-6 8l6 8H14z'],
  fault: ['+M24 6l20 35H4z'],
  net: ['M24 24L10 37', 'M24 24l14 13', 'M24 24V11', '+M19 8h10v9H19z', '+M5 33h10v9H5z', '+M33 33h10v9H33z'],
}

export const icon = (name: string): SVGSVGElement =>
  s(
    'svg',
    { viewBox: '0 0 48 48', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    ...(SHAPES[name] ?? []).map((shape) =>
      shape.startsWith('+') ? s('path', { d: shape.slice(1), class: 'filled' }) : s('path', { d: shape }),
    ),
  )
