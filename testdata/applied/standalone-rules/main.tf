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

# The same kinds of rules as resources of their own, old and new.

variable "services" {
  type = map(object({ port = number, clients = list(string) }))
  default = {
    api   = { port = 8080, clients = ["10.0.0.0/24", "10.0.1.0/24"] }
    admin = { port = 9090, clients = ["10.0.1.0/24"] }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "client" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_subnet" "operator" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "service" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}

resource "aws_security_group" "client" {
  name   = "client"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group_rule" "client_egress" {
  type              = "egress"
  security_group_id = aws_security_group.client.id
  protocol          = "all"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = [aws_vpc.main.cidr_block]
}

resource "aws_security_group" "service" {
  for_each = var.services

  name   = each.key
  vpc_id = aws_vpc.main.id
}

locals {
  rules = merge([
    for name, s in var.services : { for c in s.clients : "${name} from ${c}" => { name = name, port = s.port, cidr = c } }
  ]...)
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each = local.rules

  security_group_id = aws_security_group.service[each.value.name].id
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = each.value.cidr
}

resource "aws_security_group_rule" "api_to_admin" {
  type                     = "ingress"
  security_group_id        = aws_security_group.service["admin"].id
  source_security_group_id = aws_security_group.service["api"].id
  protocol                 = "tcp"
  from_port                = 9443
  to_port                  = 9443
}

resource "aws_vpc_security_group_egress_rule" "api_to_admin" {
  security_group_id            = aws_security_group.service["api"].id
  referenced_security_group_id = aws_security_group.service["admin"].id
  ip_protocol                  = "-1"
}

resource "aws_instance" "client" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.client.id
  vpc_security_group_ids = [aws_security_group.client.id]
}

resource "aws_instance" "operator" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.operator.id
  vpc_security_group_ids = [aws_security_group.client.id]
}

resource "aws_instance" "service" {
  for_each = var.services

  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.service.id
  vpc_security_group_ids = [aws_security_group.service[each.key].id]
}
