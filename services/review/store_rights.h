// Who may judge and who may read an answer, as conditions on a row `e` of entry; each statement adds the territory.
// `role` is the caller's word (role_word()), `caller` the account, `organisation` the caller's own.
#pragma once

#define IS_BOUND(caller)                                                                                               \
    "EXISTS (SELECT FROM curator_school b WHERE b.account_id = " caller                                                \
    "::uuid AND b.organisation_id = e.organisation_id)"

// An operator what operators judge, a curator what curators judge of the schools bound.
#define MAY_JUDGE(role, caller) "e.reviewer = " role "::text AND (" role " = 'operator' OR " IS_BOUND(caller) ")"

// Besides them the author and whoever oversees the territory.
#define MAY_READ(role, caller, organisation)                                                                           \
    "CASE " role "::text WHEN 'respondent' THEN e.organisation_id = " organisation                                     \
    "::uuid WHEN 'coordinator' THEN true ELSE " MAY_JUDGE(role, caller) " END"
