/** MQTT discovery of Home Assistant: four entities a room, found by themselves. Retained; off unless it is asked for. */
import { DISCOVERY, topicOf } from '../wire/fleet/topics.ts'

export const discoveryOf = (court: string, device: string, room: string): { topic: string; payload: string }[] => {
  const state = topicOf(court, device, 'state')
  const status = topicOf(court, device, 'presence')
  const shared = {
    device: { identifiers: [device], name: room, manufacturer: 'Verbatim', model: 'courtroom recorder' },
    availability_topic: status,
    availability_template: "{{ 'online' if value_json.state == 'ready' else 'offline' }}",
    state_topic: state,
  }
  const entity = (kind: string, id: string, more: object) => ({
    topic: `${DISCOVERY}/${kind}/${device}/${id}/config`,
    payload: JSON.stringify({ unique_id: `${device}-${id}`, object_id: `${device}_${id}`, ...shared, ...more }),
  })
  return [
    entity('binary_sensor', 'recording', {
      name: 'Recording',
      device_class: 'running',
      value_template: "{{ 'ON' if value_json.hearing == 'recording' else 'OFF' }}",
    }),
    entity('binary_sensor', 'problem', {
      name: 'Problem',
      device_class: 'problem',
      value_template: "{{ 'OFF' if value_json.verdict == 'good' else 'ON' }}",
    }),
    entity('sensor', 'hearing', { name: 'Hearing', value_template: '{{ value_json.hearing }}' }),
    entity('sensor', 'hours_left', {
      name: 'Recording hours left',
      unit_of_measurement: 'h',
      value_template: '{{ value_json.hoursLeft }}',
    }),
  ]
}
