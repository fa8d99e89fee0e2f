import type { ReactNode } from 'react'
import './table.css'

/** A table of some rows, which scrolls sideways where there is no room. `label` is for screen readers; `heads` may be empty texts over buttons. */
export function Table({ label, heads, children }: Readonly<{ label: string; heads: readonly string[]; children: ReactNode }>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys
    <section className="table-scroll" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={head === '' ? `head-${String(index)}` : head} scope="col">
                {head === '' ? <span className="visually-hidden">Actions</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
