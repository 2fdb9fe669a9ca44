import { momentText } from '../time.ts'

/** A moment: local time, UTC for whoever points at it. */
export const Moment = ({ utc }: { utc: string }) => (
  <time dateTime={utc} title={`${utc.slice(0, 19).replace('T', ' ')} UTC`}>
    {momentText(utc)}
  </time>
)
