/**
 * Valid settings, of which a test changes the part that it examines.
 */
import type { ProviderSettings, ServerSettings } from '../../../src/settings/schema.ts'

export const imap: ServerSettings = { protocol: 'imap', host: 'imap.example.com' }
export const pop3: ServerSettings = { protocol: 'pop3', host: 'pop3.example.com' }
export const smtp: ServerSettings = { protocol: 'smtp', host: 'smtp.example.com' }

export function exampleProvider(changes: Partial<ProviderSettings> = {}): ProviderSettings {
  return { id: 'example', name: 'Example', domains: ['example.com'], servers: [imap, smtp], ...changes }
}
