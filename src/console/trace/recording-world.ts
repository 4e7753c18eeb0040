/**
 * A world that remembers every exchange, so that a trace can show its bytes.
 */
import type { HttpRequest, HttpResponse, World } from '../../clients/model/world.ts'

export interface RecordedExchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
}

export interface RecordingWorld extends World {
  /** In the order of their answers. */
  readonly exchanges: readonly RecordedExchange[]
}

export function createRecordingWorld(world: World): RecordingWorld {
  const exchanges: RecordedExchange[] = []
  return {
    ...world,
    exchanges,
    async exchange(request) {
      const response = await world.exchange(request)
      exchanges.push({ request, response })
      return response
    }
  }
}
