DROP TABLE foreign_try
