/**
 * `/api/openapi.json` and the same to be read at `/api/docs`. Needs no key: it tells nothing of this installation but its version.
 * Both are made once, when somebody asks: nobody's start waits for them. Read next: ../openapi/document.ts, ../openapi/page.ts.
 */
import { Router } from 'express'
import manifest from '../../package.json' with { type: 'json' }
import { operations } from '../openapi/all.ts'
import { openApiDocument } from '../openapi/document.ts'
import { documentPage, pagePolicy } from '../openapi/page.ts'

export function openApiRoutes(): Router {
  const router = Router()
  let made: Readonly<{ text: string; page: string }> | null = null
  const documents = () => {
    made ??= madeDocuments()
    return made
  }

  router.get('/api/openapi.json', (_req, res) => {
    res.type('application/json').send(documents().text)
  })

  router.get('/api/docs', (_req, res) => {
    res.setHeader('Content-Security-Policy', pagePolicy)
    res.type('text/html').send(documents().page)
  })

  return router
}

function madeDocuments(): Readonly<{ text: string; page: string }> {
  const document = openApiDocument(operations, manifest.version)
  return { text: JSON.stringify(document), page: documentPage(document) }
}
