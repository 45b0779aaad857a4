/** What the account agent can do, with the way customers ask for it. */
export const accountCapabilities = [
  {
    id: "reset-password",
    name: "reset-password",
    version: "1.0.0",
    description: "Helps customers who cannot log in: resets passwords and PINs and unlocks accounts",
    examples: [
      "I forgot my password",
      "I can't log in to my account",
      "my account is locked after too many attempts",
      "How do I reset my PIN?",
      "the app says wrong username or password",
      "send me a new password please",
      "I never get the verification code when signing in",
      "locked out of the customer portal",
      "what is my PUK, I entered the SIM PIN wrong three times",
    ],
  },
  {
    id: "update-contact",
    name: "update-contact",
    version: "1.0.0",
    description: "Changes the name, e-mail, phone number, postal address or bank account that is on file",
    examples: [
      "I have a new email address",
      "Please change the phone number in my profile",
      "I got married and my last name has changed",
      "update my home address, I have moved",
      "my bank details are different now, where do I enter the new IBAN",
      "edit my personal data",
      "how do i change the mail address you send letters to",
      "there is a typo in my name in your records",
    ],
  },
] as const;
