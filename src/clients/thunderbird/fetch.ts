/**
 * One request of Thunderbird: releases-comm-central cf9726f, FetchHTTP.sys.mjs.
 */

import type { Tracer } from '../model/tracer.ts'
import type { HttpRequest, HttpResponse } from '../model/world.ts'
import { type Jxon, readJxon } from '../xml/jxon.ts'

export interface Fetched {
  readonly tracer: Tracer
  /** As it was asked for. */
  readonly asked: string
  /** Where redirects led to an answer, whatever it is; as it was asked for where none came. */
  readonly url: string
  /** A text where it is no XML; undefined where the fetch failed. */
  readonly document: Jxon | undefined
}

export interface FetchedDocument extends Fetched {
  readonly document: Jxon
}

export async function fetchDocument(request: HttpRequest, tracer: Tracer): Promise<Fetched> {
  // Observed: an XMLHttpRequest of the program itself: every redirect is followed, to http too, up to 20.
  const { response, url } = await tracer.follow(request, { most: 20, postBecomesGet: true })
  // Observed: responseURL is empty where redirects led to no answer, and ServerException has the URL that was asked for.
  if (response === undefined) return { tracer, asked: request.url, url: request.url, document: undefined }
  return { tracer, asked: request.url, url, document: readBody(response) }
}

export function isFetched(fetched: Fetched): fetched is FetchedDocument {
  return fetched.document !== undefined
}

function readBody({ status, headers, body }: HttpResponse): Jxon | undefined {
  if (status < 200 || status > 299) return undefined
  const type = headers['content-type'] ?? ''
  // Observed: startsWith, in this letter case; what does not parse is a failed fetch, what is of another type a text.
  if (/^(?:text|application)\/xml/.test(type)) return readJxon(body)
  return /^(?:text|application)\/json/.test(type) ? readJson(body) : body
}

/** Why a text: what stands in JSON is never the settings of anybody. */
function readJson(body: string): string | undefined {
  try {
    JSON.parse(body)
    return body
  } catch {
    return undefined
  }
}
