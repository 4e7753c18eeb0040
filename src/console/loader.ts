/**
 * Loads the handlers of the console when they are first needed.
 */
import type { Handle, OverviewHandlers, Pages, Route } from './routes.ts'

export interface LoaderOptions {
  readonly loadOverview: () => Promise<OverviewHandlers>
  /** Called at every request for another page. */
  readonly loadPages: () => Promise<Pages>
}

/** @returns a function that loads the handler of a route. The overview also makes the other pages load in the background. */
export function createLoader({ loadOverview, loadPages }: LoaderOptions): (route: Route) => Promise<Handle> {
  return async route => {
    if (route !== 'GET /' && route !== 'POST /reload') return (await loadPages())[route]
    const handlers = await loadOverview()
    // Why: most people open another page next. Why settled: a request for that page reports a failure.
    setImmediate(() => Promise.allSettled([loadPages()]))
    return handlers[route]
  }
}

/** @returns a function whose calls share the result of `load`. After a failure, the next call loads again. */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load().catch(error => {
      loaded = undefined
      throw error
    })
    return loaded
  }
}
