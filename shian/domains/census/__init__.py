"""Census (主体档案): the operator archive: list, record page, measures over operators. Legal basis: FSL article 35."""
