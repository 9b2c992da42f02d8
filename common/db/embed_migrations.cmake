# Writes SOURCE and HEADER: the SQL files of SCRIPTS as a table of string constants.
set(rows "")
set(count 0)
separate_arguments(SCRIPTS)
foreach(script ${SCRIPTS})
  get_filename_component(name ${script} NAME_WE)
  string(REGEX MATCH "^[0-9]+" number ${name})
  string(REGEX REPLACE "^0+" "" number ${number})
  file(READ ${script} sql)
  string(REPLACE "\\" "\\\\" sql "${sql}")
  string(REPLACE "\"" "\\\"" sql "${sql}")
  string(REPLACE "\n" "\\n\"\n     \"" sql "${sql}")
  string(APPEND rows "    {${number}, \"${name}\",\n     \"${sql}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${HEADER} "#pragma once\n#include <stddef.h>\n#include \"vekha/db/db.h\"\n"
     "extern const struct migration ${SET}_migrations[];\nextern const size_t ${SET}_migration_count;\n")
file(WRITE ${SOURCE} "#include \"${SET}_migrations.h\"\nconst struct migration ${SET}_migrations[] = {\n${rows}};\n"
     "const size_t ${SET}_migration_count = ${count};\n")
