import { Dialog } from '../ui/dialog.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useAllCommands } from './commands.ts'
import './help.css'

/** Every key that does something here. */
export function Help({ onClose }: Readonly<{ onClose: () => void }>) {
  const commands = useAllCommands().filter(({ keys }) => keys !== undefined)
  const groups = [...new Set(commands.map(({ group }) => group))]
  return (
    <Dialog title="Keys" onClose={onClose} wide>
      <div className="help">
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <ul>
              {commands
                .filter((command) => command.group === group)
                .map(({ id, label, keys = '' }) => (
                  <li key={id}>
                    <span>{label}</span>
                    <Kbd keys={keys} />
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
