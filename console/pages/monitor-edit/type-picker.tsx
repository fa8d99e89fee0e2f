/** All types of monitors with what each is for, those that are evaluated first. Read next: ../../../contract/type-table.ts. */
import { typeGroups, typeTable } from '../../../contract/type-table.ts'
import { type MonitorType, monitorTypes } from '../../../contract/types.ts'
import './type-picker.css'

/** As the table has them. */
const place = Object.keys(typeTable)
const ordered = monitorTypes.toSorted((one, other) => place.indexOf(one) - place.indexOf(other))

export function TypePicker({ onPick }: Readonly<{ onPick: (type: MonitorType) => void }>) {
  return (
    <div className="type-picker">
      {typeGroups.map((group) => (
        <section key={group} aria-labelledby={`types-${group}`}>
          <h2 id={`types-${group}`}>{group}</h2>
          {group === 'Kept for Datadog' ? (
            <p className="soft">
              These are checked, stored and given back, so that nothing is lost on the way. No source evaluates them yet.
            </p>
          ) : null}
          <ul>
            {ordered
              .filter((type) => typeTable[type].group === group)
              .map((type) => (
                <li key={type}>
                  <button type="button" onClick={() => onPick(type)}>
                    <strong>{typeTable[type].title}</strong>
                    <span className="soft">{typeTable[type].about}</span>
                    <code className="cut">{type}</code>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
