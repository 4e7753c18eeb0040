/**
 * Pages of one person each, kept for a while: people load theirs a few times, and to draw its QR codes and put it together
 * costs more than all else about a request.
 */
import { LRUCache } from 'lru-cache'
import type { Document } from '../../dialects/document.ts'
import type { Provider } from '../../settings/provider.ts'
import { inBytes } from '../frame/in-bytes.ts'

/** @returns the page that is kept for the key, or the one that is written now. @param key with all else that it says */
export type KeptPages = (
  provider: Provider,
  key: string,
  write: () => Promise<Document>
) => Document<Buffer> | Promise<Document<Buffer>>

interface Kept {
  readonly provider: Provider
  readonly page: Document<Buffer>
}

/** Room for some hundred of them. Why in bytes: a provider's logo stands in the page. Strangers ask for any address. */
const mostBytes = 16 * 2 ** 20

export function createKeptPages(): KeptPages {
  const all = new LRUCache<string, Kept>({
    maxSize: mostBytes,
    sizeCalculation: ({ page }, key) => page.body.length + key.length
  })
  return (provider, key, write) => {
    const known = all.get(key)
    // Why compared: a table that was read again may say something else of the same address.
    if (known?.provider === provider) return known.page
    return write().then(written => {
      const page = inBytes(written)
      all.set(key, { provider, page })
      return page
    })
  }
}
