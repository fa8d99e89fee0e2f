import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SourceKind } from '../../../contract/source.ts'
import { sourceTable } from '../../../contract/source-table.ts'
import { changeSource, createSource, type Source, trySource } from '../../data/sources.ts'
import { navigate } from '../../router/location.ts'
import { changed, nested, valuesOf } from '../../ui/fields.ts'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

/** What is filled in, and what is done with it. `stored` null = a new one. */
export function useSource(kind: SourceKind, stored: Source | null) {
  const client = useQueryClient()
  const { fields } = sourceTable[kind]
  const [before, setBefore] = useState(() => ({ config: valuesOf(fields, stored?.config ?? {}), isDefault: stored?.default ?? false }))
  const [name, setName] = useState(stored?.name ?? '')
  const [config, setConfig] = useState(before.config)
  const [secrets, setSecrets] = useState<Readonly<Record<string, unknown>>>({})
  const [isDefault, setDefault] = useState(before.isDefault)
  const renew = () => client.invalidateQueries({ queryKey: ['sources'] })
  const save = useMutation({
    mutationFn: () => {
      const written = withJson(secrets)
      return stored === null
        ? createSource({ name, kind, default: isDefault, config: nested(config), secrets: nested(written) })
        : changeSource(stored.name, { default: isDefault, config: changed(before.config, config), secrets: changed({}, written) })
    },
    onSuccess: async (written) => {
      sayDone(`${written.name} is saved`)
      setSecrets({})
      setBefore({ config, isDefault })
      await renew()
      if (stored === null) navigate(`/sources/${encodeURIComponent(written.name)}`)
    },
  })
  const test = useMutation({ mutationFn: () => trySource(name), onError: (error) => sayProblem(error, name) })
  const isChanged =
    JSON.stringify({ config, isDefault }) !== JSON.stringify(before) || Object.values(secrets).some((one) => one !== undefined)
  return { fields, name, setName, config, setConfig, secrets, setSecrets, isDefault, setDefault, save, test, isChanged, renew }
}

/** null = there is no such kind. */
export function sourceKindOf(text: string | null): SourceKind | null {
  return text === 'prometheus' || text === 'loki' || text === 'postgres' ? text : null
}

/** Headers are typed as JSON; what is none is told by the API. */
function withJson(secrets: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { headers, ...rest } = secrets
  if (typeof headers !== 'string') return secrets
  try {
    return { ...rest, headers: JSON.parse(headers) }
  } catch {
    return secrets
  }
}
