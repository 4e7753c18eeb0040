/**
 * Icons of devices and programs, drawn for this page. None is a trademark: they show what a thing is for.
 */
import { type Html, html } from '../../formats/html.ts'
import type { Device } from '../devices/choose-device.ts'
import type { ProgramId } from '../words/messages.ts'

const envelope = 'M3 6h18v12H3zl9 7 9-7'

/** Paths in a square of 24, drawn as lines. */
const shapes = {
  iphone: 'M7 2h10v20H7zM10 5h4',
  android: 'M6 3h12v18H6zM6 17h12M12 19h0',
  windows: 'M2 4h20v12H2zM12 16v4M8 20h8',
  mac: 'M4 5h16v11H4zM1 19h22',
  linux: 'M2 4h20v16H2zM6 9l3 3-3 3M12 15h5',
  other: 'M3 6h18M3 12h18M3 18h18M8 4v4M16 10v4M10 16v4',
  mail: envelope,
  bolt: `${envelope}M14 2l-3 5h4l-3 5`,
  robot: 'M5 9h14v9H5zM12 9V5M9 13h0M15 13h0M9 16h6',
  open: 'M3 10l9-7 9 7v11H3zl9 6 9-6',
  window: 'M3 4h18v16H3zM3 8h18M7 12h10M7 16h6',
  at: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5',
  day: 'M4 5h16v15H4zM4 10h16M8 3v4M16 3v4M8 14h3',
  plane: 'M3 11l18-8-6 18-4-7zM11 14l10-11',
  stack: 'M4 13h16v7H4zM6 9h12M8 5h8',
  shield: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4',
  tray: 'M4 4h16v16H4zM4 14h5l1 2h4l1-2h5',
  handset: 'M7 2h10v20H7zM7 9l5 4 5-4',
  star: 'M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z',
  bubble: 'M3 4h18v12H11l-5 4v-4H3zM8 10h8'
} as const

const ofPrograms: Readonly<Record<ProgramId, keyof typeof shapes>> = {
  iphone: 'mail',
  mac: 'mail',
  thunderbird: 'bolt',
  thunderbirdAndroid: 'bolt',
  k9: 'robot',
  outlookClassic: 'window',
  outlookNew: 'open',
  outlook: 'open',
  emClient: 'at',
  evolution: 'day',
  kmail: 'plane',
  geary: 'stack',
  fairemail: 'shield',
  samsung: 'handset',
  spark: 'star',
  deltaChat: 'bubble',
  davx5: 'day',
  gmail: 'tray'
}

export function deviceIcon(device: Device): Html {
  return drawing(shapes[device])
}

export function programIcon(id: ProgramId): Html {
  return drawing(shapes[ofPrograms[id]])
}

function drawing(path: string): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`
}
