/** Icons: 16 units wide, drawn with the colour of the text around them. */
const paths = {
  monitors: 'M2 12.5 5.500 8l2.500 2.500L11 5l3 4',
  incidents: 'M8 2.500 14.200 13.500H1.800ZM8 6.500v3.200M8 11.600v.1',
  downtimes: 'M3 3.500h10v10H3zM3 6.500h10M5.500 2v3M10.500 2v3',
  receivers: 'M2.500 4h11v8.500h-11zM2.500 4.500 8 9l5.500-4.500',
  sources: 'M3 4c0-1.100 2.200-2 5-2s5 .9 5 2-2.200 2-5 2-5-.9-5-2v8c0 1.100 2.200 2 5 2s5-.9 5-2V4M3 8c0 1.100 2.200 2 5 2s5-.9 5-2',
  engine:
    'M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5ZM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M12.600 3.400l-1.400 1.400M4.800 11.200l-1.400 1.400',
  keys: 'M10.500 2a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM8 8l-6 6M4.500 11.500l2 2',
  book: 'M3 2.500h7.500A2.500 2.500 0 0 1 13 5v8.500H5a2 2 0 0 1-2-2zM3 11.500a2 2 0 0 1 2-2h8',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9ZM10.300 10.300 14 14',
  bell: 'M8 2c-2.500 0-4 1.800-4 4.200V9l-1.200 2.500h10.400L12 9V6.200C12 3.800 10.500 2 8 2ZM6.500 13.500a1.600 1.600 0 0 0 3 0',
  muted:
    'M2 2l12 12M4.200 5.400C4 6 4 6.200 4 6.200V9l-1.200 2.500h8.700M6 2.600C6.600 2.200 7.300 2 8 2c2.500 0 4 1.800 4 4.200V9M6.500 13.500a1.600 1.600 0 0 0 3 0',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.500 6.500 12 13 4.500',
  down: 'M4 6.500 8 10.500l4-4',
  up: 'M4 9.500 8 5.500l4 4',
  filter: 'M2 4h12M4.500 8h7M6.500 12h3',
  menu: 'M2 4h12M2 8h12M2 12h12',
  file: 'M4 1.500h5.500L13 5v9.500H4zM9.500 1.500V5H13',
  play: 'M4.500 3v10l8-5z',
  pause: 'M5 3v10M11 3v10',
  edit: 'M3 13l.8-3.200L11 2.600 13.400 5l-7.200 7.200zM9.500 4.100l2.400 2.400',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  out: 'M9 2.500h4.500V7M13.500 2.500 7.500 8.500M11.500 9.500v4h-9v-9h4',
  trash: 'M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9',
  exit: 'M6 2.500H3v11h3M6.500 8H14M11 5l3 3-3 3',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: Readonly<{ name: IconName }>) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
