/* SQLite as Swift sees it: the library that NSS keeps its databases with, asked whether they are whole. */
#pragma once
#include <sqlite3.h>
