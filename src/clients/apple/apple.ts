/**
 * Mail for iPhone, iPad and Mac, by a configuration profile. It asks nobody itself but Apple's own servers: a person follows
 * a link, and confirms what the profile says.
 */
import type { Client, FoundAccount } from '../model/client.ts'
import { createDiscover } from '../model/create-discover.ts'
import type { Mailbox } from '../model/mailbox.ts'
import { orRefusal, Refusal } from '../model/refusal.ts'
import type { Tracer } from '../model/tracer.ts'
import { readMailProfile } from './mail-profile.ts'

export const apple: Client = {
  name: 'apple',
  title: 'Apple Mail (profile)',
  source: 'apple/device-management b6202ca (2024-10-21, iOS 18.1, macOS 15.1)',
  discover: createDiscover(search)
}

async function search({ address, domain }: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  // Why this URL: there is no standard one; it is where Signpost and autodiscover-email-settings have profiles.
  const url = `https://autoconfig.${domain}/email.mobileconfig?email=${encodeURIComponent(address)}`
  const { response } = await tracer.follow({ method: 'GET', url, headers: {} }, { most: 20 })
  if (response?.status !== 200) return 'no profile'
  const type = response.headers['content-type'] ?? ''
  // Observed: Safari hands only this type to the installer, with or without parameters, and saves anything else as a file.
  const profile = /^application\/x-apple-aspen-config(?:$|[\s;])/.test(type)
    ? orRefusal(() => readMailProfile(response.body))
    : new Refusal(`content-type ${type}`)
  if (profile instanceof Refusal) {
    tracer.note(`refused: ${profile.message}`)
    return profile.message
  }
  tracer.note('used')
  return { ...profile, from: url }
}
