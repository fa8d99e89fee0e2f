/**
 * The console in the browser. Talks to the API it came from and to nobody else; keeps no key. Read next: app.tsx, pages.ts, README.md.
 */
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createQueryClient } from './data/query-client.ts'
import './ui/tokens.css'
import './ui/base.css'

const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={createQueryClient()}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  )
}
