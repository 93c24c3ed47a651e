import { compileConfig } from '@vector-recall/core-config';
import { examine } from '../doctor/examine';
import { doctorSections } from '../doctor/doctor-sections';
import type { CommandDefinition } from './command';

export const doctorCommand: CommandDefinition = {
  name: 'doctor',
  summary: 'show what this machine offers and what lies in the store',
  accepts: ({ key }) => key === 'backend' || key === 'output',
  usesStoredConfig: true,
  run: async ({ flags, file, env }) => {
    const { runtime } = compileConfig({ file, env, flags });
    const findings = await examine(runtime);
    return {
      json: findings,
      sections: await doctorSections(findings),
      exitCode: findings.backend.available ? 0 : 1,
    };
  },
};
