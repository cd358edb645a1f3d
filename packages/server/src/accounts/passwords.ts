import { hash, verify } from '@node-rs/argon2';

// OWASP's first choice: argon2id (the library's default algorithm), 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const passwords = {
  hash: (password: string) => hash(password, cost),
  verify: ({ hash, password }: { hash: string; password: string }) => verify(hash, password),
};
