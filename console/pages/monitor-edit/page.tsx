/**
 * Where monitors are made and changed. The address says which: a type, one to copy, or one that is there.
 * Read next: editor.tsx, type-picker.tsx, draft.ts.
 */
import { useQuery } from '@tanstack/react-query'
import { type MonitorType, monitorTypes } from '../../../contract/types.ts'
import { definitionQuery } from '../../data/editor.ts'
import type { PageProps } from '../../pages.ts'
import { useSearch } from '../../router/location.ts'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { blankDraft, draftOf } from './draft.ts'
import { Editor } from './editor.tsx'
import { TypePicker } from './type-picker.tsx'

export default function MonitorEditPage({ parameters }: PageProps) {
  const [search, setSearch] = useSearch()
  const copied = idOf(search.get('from'))
  const id = parameters.id === undefined ? null : idOf(parameters.id)
  const source = id ?? copied
  const type = typeOf(search.get('type'))
  if (source !== null) return <Loaded id={source} isCopy={id === null} />
  if (type !== null) return <Editor key={type} id={null} start={blankDraft(type)} saved={null} />
  return (
    <Page title="New monitor" note="What shall be watched?">
      <TypePicker onPick={(picked) => setSearch({ type: picked })} />
    </Page>
  )
}

function Loaded({ id, isCopy }: Readonly<{ id: number; isCopy: boolean }>) {
  const { data, error, refetch } = useQuery({ ...definitionQuery(id), staleTime: Number.POSITIVE_INFINITY })
  if (data === undefined) {
    return (
      <Page title={isCopy ? 'New monitor' : 'Edit monitor'}>
        {error === null ? <Skeleton rows={8} /> : <Problem error={error} retry={() => void refetch()} />}
      </Page>
    )
  }
  const stored = draftOf(data)
  if (isCopy) return <Editor key={`copy ${id}`} id={null} start={{ ...stored, name: `Copy of ${stored.name}` }} saved={null} />
  return <Editor key={id} id={id} start={stored} saved={stored} />
}

function typeOf(text: string | null): MonitorType | null {
  return monitorTypes.find((type) => type === text) ?? null
}

function idOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null
}
