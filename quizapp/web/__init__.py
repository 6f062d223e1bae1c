"""Tools for Flask that know no exam: who may, headers, errors, language, forms, the request's database."""
