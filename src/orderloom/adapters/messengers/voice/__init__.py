"""Voice calls by Aliyun that read a text."""
