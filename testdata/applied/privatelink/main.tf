terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

# A service of one VPC, behind a Network Load Balancer, and its consumers in
# another one that has addresses in common with it.

resource "aws_vpc" "provider" {
  cidr_block = "10.60.0.0/16"
}

resource "aws_vpc" "consumer" {
  cidr_block = "10.60.0.0/16"
}

resource "aws_subnet" "provider" {
  for_each = { "eu-central-1a" = 1, "eu-central-1b" = 2 }

  vpc_id            = aws_vpc.provider.id
  cidr_block        = "10.60.${each.value}.0/24"
  availability_zone = each.key
}

resource "aws_subnet" "consumer" {
  for_each = { "eu-central-1a" = 1, "eu-central-1b" = 2, "eu-central-1c" = 3 }

  vpc_id            = aws_vpc.consumer.id
  cidr_block        = "10.60.${each.value}.0/24"
  availability_zone = each.key
}

resource "aws_security_group" "balancer" {
  name   = "balancer"
  vpc_id = aws_vpc.provider.id
}

resource "aws_vpc_security_group_ingress_rule" "balancer" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "10.60.1.0/24"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "balancer" {
  security_group_id            = aws_security_group.balancer.id
  referenced_security_group_id = aws_security_group.target.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_security_group" "target" {
  name   = "target"
  vpc_id = aws_vpc.provider.id
}

resource "aws_vpc_security_group_ingress_rule" "target" {
  security_group_id            = aws_security_group.target.id
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_instance" "target" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.provider["eu-central-1a"].id
  vpc_security_group_ids = [aws_security_group.target.id]
}

resource "aws_lb" "service" {
  name               = "service"
  load_balancer_type = "network"
  internal           = true
  subnets            = [for s in aws_subnet.provider : s.id]
  security_groups    = [aws_security_group.balancer.id]

  enable_cross_zone_load_balancing = true
}

resource "aws_lb_target_group" "service" {
  name     = "service"
  vpc_id   = aws_vpc.provider.id
  port     = 8443
  protocol = "TCP"
}

resource "aws_lb_target_group_attachment" "service" {
  target_group_arn = aws_lb_target_group.service.arn
  target_id        = aws_instance.target.id
}

resource "aws_lb_listener" "service" {
  load_balancer_arn = aws_lb.service.arn
  port              = 443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service.arn
  }
}

resource "aws_vpc_endpoint_service" "main" {
  acceptance_required        = false
  network_load_balancer_arns = [aws_lb.service.arn]
  allowed_principals         = ["arn:aws:iam::123456789012:root"]
}

resource "aws_vpc_endpoint_service" "asking" {
  acceptance_required        = true
  network_load_balancer_arns = [aws_lb.service.arn]
}

resource "aws_security_group" "endpoint" {
  name   = "endpoint"
  vpc_id = aws_vpc.consumer.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoint" {
  security_group_id = aws_security_group.endpoint.id
  cidr_ipv4         = aws_vpc.consumer.cidr_block
  ip_protocol       = "-1"
}

resource "aws_security_group" "client" {
  name   = "client"
  vpc_id = aws_vpc.consumer.id
}

resource "aws_vpc_security_group_egress_rule" "client" {
  security_group_id = aws_security_group.client.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_instance" "client" {
  for_each = aws_subnet.consumer

  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = each.value.id
  vpc_security_group_ids = [aws_security_group.client.id]
}

resource "aws_vpc_endpoint" "service" {
  vpc_id             = aws_vpc.consumer.id
  service_name       = aws_vpc_endpoint_service.main.service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.consumer["eu-central-1a"].id]
  security_group_ids = [aws_security_group.endpoint.id]
}

# The service has no load balancer node in this zone.
resource "aws_vpc_endpoint" "elsewhere" {
  vpc_id             = aws_vpc.consumer.id
  service_name       = aws_vpc_endpoint_service.main.service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.consumer["eu-central-1c"].id]
  security_group_ids = [aws_security_group.endpoint.id]
}

resource "aws_vpc_endpoint" "accepted" {
  vpc_id             = aws_vpc.consumer.id
  service_name       = aws_vpc_endpoint_service.asking.service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.consumer["eu-central-1b"].id]
  security_group_ids = [aws_security_group.endpoint.id]
}

resource "aws_vpc_endpoint_connection_accepter" "accepted" {
  vpc_endpoint_service_id = aws_vpc_endpoint_service.asking.id
  vpc_endpoint_id         = aws_vpc_endpoint.accepted.id
}

resource "aws_vpc_endpoint" "waiting" {
  vpc_id             = aws_vpc.consumer.id
  service_name       = aws_vpc_endpoint_service.asking.service_name
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.consumer["eu-central-1a"].id]
  security_group_ids = [aws_security_group.endpoint.id]
}
