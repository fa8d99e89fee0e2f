/** The routes of an Express app, as `get /api/v1/monitor/{id}`. */
import type { Express } from 'express'

export function routesOf(app: Express): string[] {
  return [...new Set(inRouter(app.router))]
}

function inRouter(router: unknown): string[] {
  const layers = fieldOf(router, 'stack')
  if (!Array.isArray(layers)) return []
  return layers.flatMap((layer: unknown) => {
    const route = fieldOf(layer, 'route')
    return route === undefined ? inRouter(fieldOf(layer, 'handle')) : inRoute(route)
  })
}

function inRoute(route: unknown): string[] {
  const methods = Object.keys(Object(fieldOf(route, 'methods'))).filter((method) => method !== '_all')
  return [fieldOf(route, 'path')].flat().flatMap((path) => methods.map((method) => `${method} ${documentPath(String(path))}`))
}

/** `:id` and `*key` as OpenAPI writes them. */
function documentPath(path: string): string {
  return path.replace(/[:*](\w+)/g, '{$1}')
}

function fieldOf(value: unknown, name: string): unknown {
  const isHolder = (typeof value === 'object' || typeof value === 'function') && value !== null
  return isHolder ? Reflect.get(value, name) : undefined
}
