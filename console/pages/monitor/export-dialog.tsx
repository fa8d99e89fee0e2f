import { exportAddress } from '../../data/monitor.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'

const formats = [
  ['json', 'JSON', 'json', 'As the API takes it'],
  ['yaml', 'YAML', 'yaml', 'For files that are applied'],
  ['terraform', 'Terraform', 'tf', 'A resource of the Datadog provider'],
] as const

/** The monitor as a file. */
export function ExportDialog({ id, onClose }: Readonly<{ id: number; onClose: () => void }>) {
  return (
    <Dialog title="Export" onClose={onClose}>
      {formats.map(([format, label, ending, what]) => (
        <p key={format} className="export-line">
          <a className="button button-plain" href={exportAddress(id, format)} download={`monitor-${id}.${ending}`}>
            <Icon name="file" /> {label}
          </a>{' '}
          <span className="soft">{what}</span>
        </p>
      ))}
    </Dialog>
  )
}
