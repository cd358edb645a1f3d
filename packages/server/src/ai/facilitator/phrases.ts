/** What the facilitator can say. Each list is gone through so that nothing is said twice in a row. */

export const openings = [
  (name: string, said: string) => `${name}, if I hear you right, ${said}.`,
  (name: string, said: string) => `Thank you, ${name}. So for you, ${said}.`,
  (name: string, said: string) => `I hear you, ${name}: ${said}.`,
  (name: string, said: string) => `${name}, let me say it back: ${said}.`,
];

export const quotings = [
  (name: string, said: string) => `${name} said: “${said}”`,
  (name: string, said: string) => `This is what ${name} brings in: “${said}”`,
  (name: string, said: string) => `From ${name}: “${said}”`,
];

export const askings = [
  (name: string, question: string) => `${name} asks: “${question}”`,
  (name: string, question: string) => `There is a question from ${name}: “${question}”`,
];

export const short = [
  (name: string) => `Thank you, ${name}.`,
  (name: string) => `Noted, ${name}.`,
  (name: string) => `All right, ${name}.`,
];

export const invitations = [
  (name: string) => `${name}, we have not heard you yet: how do you see it?`,
  (name: string) => `${name}, what is your view?`,
  (name: string) => `And you, ${name}? What would you add?`,
];

export const handings = [
  (name: string) => `${name}, what would you say to that?`,
  (name: string) => `${name}, how does that sound to you?`,
  (name: string) => `What do you make of it, ${name}?`,
];

export const questions = [
  'What matters most to you in this?',
  'What would a good outcome look like?',
  'What would have to be true for that to work?',
  'What have you not said yet that the others should know?',
  'Where do you agree already?',
  'What would be a first small step?',
  'What makes you say so?',
  'Which part of it is still open?',
];

export const greeting = (selfName: string) =>
  `Hello, I am ${selfName}. I listen, say back what I hear, and ask. What would you like to talk about?`;

export const aboutItself = (selfName: string) =>
  `I am ${selfName}: a set of rules, without an AI model behind me. I can say back what I hear, notice who has not ` +
  'spoken, ask open questions, and give a recap when you ask for one. I know nothing that was not said here.';
