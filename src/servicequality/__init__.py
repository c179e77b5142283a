"""The library of the Service Quality course: models, data, charts, demos and quizzes."""
