/**
 * The document as a page to be read: plain HTML, made here, without a script, so that it loads nothing from anywhere.
 * Never shows what the document doesn't say. Read next: document.ts, shape-text.ts.
 */
import { createHash } from 'node:crypto'
import type { OpenApiDocument, OperationObject, ParameterObject } from './document.ts'
import { escaped, shapeHtml } from './shape-text.ts'

const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dce3, #3a4050); --soft: light-dark(#f5f6f8, #1d2129); --dim: light-dark(#5b6472, #9aa4b5) }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #14171d); color: light-dark(#1b1f27, #e4e8ef) }
nav { position: fixed; inset: 0 auto 0 0; width: 21rem; overflow: auto; padding: 1rem; box-sizing: border-box; background: var(--soft); border-right: 1px solid var(--line); font-size: 13px }
nav h2 { font-size: 13px; margin: 1rem 0 .25rem } nav ul { list-style: none; margin: 0; padding: 0 } nav li { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
main { margin-left: 21rem; padding: 1.5rem 2.5rem 6rem; max-width: 60rem }
a { color: light-dark(#0b57d0, #8ab4f8); text-decoration: none } a:hover { text-decoration: underline }
article { border-top: 1px solid var(--line); padding: 1rem 0 } h3 { margin: 0 } h4 { margin: 1rem 0 .25rem }
code, pre { font: 13px/1.5 ui-monospace, monospace } pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow: auto; margin: .25rem 0 }
.method { display: inline-block; min-width: 4.2em; font-weight: 600; font-family: ui-monospace, monospace; font-size: 12px }
.get { color: light-dark(#0a6e31, #6dd58c) } .post { color: light-dark(#0b57d0, #8ab4f8) } .put, .patch { color: light-dark(#8a5300, #f0b429) } .delete { color: light-dark(#b3261e, #ff8a80) }
table { border-collapse: collapse; width: 100% } td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top }
.dim { color: var(--dim) } summary { cursor: pointer; padding: .2rem 0 }
@media (max-width: 60rem) { nav { position: static; width: auto } main { margin: 0; padding: 1rem } }
`

/** For this page alone: its own style, and nothing else from anywhere. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export function documentPage(document: OpenApiDocument): string {
  const { info, tags, components } = document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Listed => ({ path, method, operation })),
  )
  const byTag = tags.map(({ name }) => ({ name, listed: operations.filter(({ operation }) => operation.tags.includes(name)) }))
  const shapes = Object.entries(components.schemas)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(info.title)} API</title><style>${style}</style></head>
<body>
<nav><a href="#top"><strong>${escaped(info.title)} ${escaped(info.version)}</strong></a>
${byTag.map(({ name, listed }) => `<h2>${escaped(name)}</h2><ul>${listed.map(linkTo).join('')}</ul>`).join('\n')}
<h2>Shapes</h2><ul>${shapes.map(([name]) => `<li><a href="#shape-${escaped(name)}">${escaped(name)}</a></li>`).join('')}</ul></nav>
<main id="top"><h1>${escaped(info.title)} API</h1>
<p>${escaped(info.description)} The same for programs: <a href="openapi.json">openapi.json</a>.</p>
<p>Keys are sent as the headers <code>DD-API-KEY</code> and <code>DD-APPLICATION-KEY</code>. Every refusal is <code>{"errors": ["…"]}</code>.</p>
${byTag.map(({ name, listed }) => `<h2>${escaped(name)}</h2>${listed.map(article).join('\n')}`).join('\n')}
<h2>Shapes</h2>
${shapes.map(([name, schema]) => `<article id="shape-${escaped(name)}"><h3>${escaped(name)}</h3><pre>${shapeHtml(schema)}</pre></article>`).join('\n')}
</main></body></html>
`
}

type Listed = Readonly<{ path: string; method: string; operation: OperationObject }>

function linkTo({ path, method, operation }: Listed): string {
  const title = escaped(`${method.toUpperCase()} ${path}`)
  return `<li title="${title}"><span class="method ${method}">${method.toUpperCase()}</span><a href="#${operation.operationId}">${escaped(operation.summary)}</a></li>`
}

function article({ path, method, operation }: Listed): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation
  return `<article id="${operationId}"><h3>${escaped(summary)}</h3>
<p><span class="method ${method}">${method.toUpperCase()}</span><code>${escaped(path)}</code><br><span class="dim">${escaped(description)}</span></p>
${parameters.length === 0 ? '' : `<h4>Parameters</h4><table>${parameters.map(parameterRow).join('')}</table>`}
${requestBody === undefined ? '' : `<h4>Body${requestBody.required ? '' : ', may be left out'}</h4>${contentOf(requestBody.content)}`}
<h4>Answers</h4>${Object.entries(responses).map(answer).join('')}</article>`
}

function parameterRow({ name, in: place, required, schema }: ParameterObject): string {
  return `<tr><td><code>${escaped(name)}</code></td><td class="dim">${place}${required ? '' : ', optional'}</td><td><code>${shapeHtml(schema)}</code></td></tr>`
}

type Answer = OperationObject['responses'][string]

/** Refusals all look alike. */
function answer([status, { description, content }]: readonly [string, Answer]): string {
  const line = `<code>${status}</code> ${escaped(description)}`
  if (content === undefined || Number(status) >= 400) return `<div class="dim">${line}</div>`
  return `<details><summary>${line}</summary>${contentOf(content)}</details>`
}

function contentOf(content: NonNullable<Answer['content']>): string {
  return Object.values(content)
    .map(({ schema }) => `<pre>${shapeHtml(schema)}</pre>`)
    .join('')
}
