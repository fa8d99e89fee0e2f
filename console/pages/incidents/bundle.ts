import type { FiringGroup } from '../../data/firing.ts'

export type By = 'team' | 'service' | 'monitor'

export type Bundle = Readonly<{ name: string; groups: readonly FiringGroup[] }>

/** Groups gathered, each in one place, in the order in which they come; what names none comes last. */
export function bundle(groups: readonly FiringGroup[], by: By): readonly Bundle[] {
  const bundles = new Map<string, FiringGroup[]>()
  for (const group of groups) {
    const name = nameOf(group, by)
    bundles.set(name, [...(bundles.get(name) ?? []), group])
  }
  const rest = `No ${by}`
  return [...bundles]
    .sort(([one], [other]) => Number(one === rest) - Number(other === rest))
    .map(([name, inside]) => ({ name, groups: inside }))
}

/** The tag of the monitor, or else of the group itself. */
function nameOf({ tags, group, monitor_name: monitor }: FiringGroup, by: By): string {
  if (by === 'monitor') return monitor
  const tag = [...tags, ...group.split(',')].find((one) => one.startsWith(`${by}:`))
  return tag?.slice(by.length + 1) ?? `No ${by}`
}
