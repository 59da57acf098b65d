must_reach "passes in part" {
  from = internet
  to   = aws_instance.web
  port = 443
}

must_not_reach "fails at a hidden port" {
  from = internet
  to   = aws_instance.web
}

must_reach "fails at a hidden list" {
  from = internet
  to   = aws_instance.hidden
  port = any
}

must_not_reach "fails inside" {
  from = aws_instance.web
  to   = any
}

must_reach "passes" {
  from = aws_instance.web
  to   = internet
  port = 443
}

must_not_reach "a range around" {
  from = "198.51.0.0/16"
  to   = any
}
