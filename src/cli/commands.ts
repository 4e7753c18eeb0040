/**
 * The commands of the command line by name, in the order of the help.
 */
import type { Command } from './command.ts'

// Why loaded when called: `check` and `render` need no HTTP server, and start in half the time without it.
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  check: async () => (await import('./commands/check.ts')).check,
  render: async () => (await import('./commands/render.ts')).render,
  dns: async () => (await import('./commands/dns.ts')).dns,
  qr: async () => (await import('./commands/qr.ts')).qr,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  certificates: async () => (await import('./commands/certificates.ts')).certificates,
  import: async () => (await import('./commands/import.ts')).importCommand,
  init: async () => (await import('./commands/init.ts')).init,
  export: async () => (await import('./commands/export.ts')).exportCommand
}
