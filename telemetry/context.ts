import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api'

/** Carries the active span along promises and callbacks, by Node's own means: the API alone brings nothing that does. */
export function asyncContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, work, thisArg, ...args) => storage.run(context, () => work.apply(thisArg, args)),
    bind: (context, target) => {
      if (typeof target !== 'function') return target
      return new Proxy(target, { apply: (work, thisArg, args) => storage.run(context, () => Reflect.apply(work, thisArg, args)) })
    },
    enable: () => manager,
    disable: () => {
      storage.disable()
      return manager
    },
  }
  return manager
}
