/** One source, or a new one: its fields by its kind, how workers find it, and a test. Read next: source-form.tsx. */
import { useQuery } from '@tanstack/react-query'
import { sourceTable } from '../../../contract/source-table.ts'
import { sourceQuery } from '../../data/sources.ts'
import type { PageProps } from '../../pages.ts'
import { useSearch } from '../../router/location.ts'
import { KindPicker } from '../../ui/kind-picker.tsx'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { SourceForm } from './source-form.tsx'
import { sourceKindOf } from './use-source.ts'

export default function SourcePage({ parameters }: PageProps) {
  const [search, setSearch] = useSearch()
  if (parameters.name !== undefined) return <Stored name={decodeURIComponent(parameters.name)} />
  const kind = sourceKindOf(search.get('kind'))
  if (kind !== null) return <SourceForm key={kind} kind={kind} stored={null} />
  return (
    <Page title="New source" note="What shall be asked?">
      <KindPicker kinds={sourceTable} onPick={(picked) => setSearch({ kind: picked })} />
    </Page>
  )
}

function Stored({ name }: Readonly<{ name: string }>) {
  const { data, error, refetch } = useQuery(sourceQuery(name))
  if (data !== undefined) return <SourceForm key={data.name} kind={data.kind} stored={data} />
  return (
    <Page title={name}>{error === null ? <Skeleton rows={8} height={24} /> : <Problem error={error} retry={() => void refetch()} />}</Page>
  )
}
