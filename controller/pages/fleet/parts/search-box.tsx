import { words } from '../state.ts'

interface SearchBoxProps {
  value: string
  typed: (text: string) => void
}

/** The one of a view; `/` leads to it. */
export const SearchBox = ({ value, typed }: SearchBoxProps) => {
  const { search } = words.value
  return (
    <input
      id="search"
      type="search"
      placeholder={search}
      aria-label={search}
      value={value}
      onInput={({ currentTarget }) => typed(currentTarget.value)}
    />
  )
}
