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

# Blocks made by dynamic, mixed with written ones.

variable "ports" {
  type    = map(list(number))
  default = { web = [80, 443], metrics = [9100] }
}

variable "routes" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "denied" {
  type    = list(string)
  default = ["192.0.2.0/24", "198.51.100.0/24"]
}

resource "aws_vpc" "main" {
  cidr_block = "10.4.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "main" {
  for_each = { a = 0, b = 1 }

  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(aws_vpc.main.cidr_block, 4, each.value)
  map_public_ip_on_launch = each.key == "a"
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id

  dynamic "route" {
    for_each = var.routes
    iterator = destination
    content {
      cidr_block = destination.value
      gateway_id = aws_internet_gateway.main.id
    }
  }
}

resource "aws_route_table_association" "main" {
  for_each = aws_subnet.main

  subnet_id      = each.value.id
  route_table_id = aws_route_table.main.id
}

resource "aws_network_acl" "main" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = values(aws_subnet.main)[*].id

  dynamic "ingress" {
    for_each = { for i, cidr in var.denied : cidr => 10 * (i + 1) }
    content {
      rule_no    = ingress.value
      action     = "deny"
      protocol   = "-1"
      cidr_block = ingress.key
      from_port  = 0
      to_port    = 0
    }
  }

  ingress {
    rule_no    = 1000
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }

  egress {
    rule_no    = 1000
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "aws_security_group" "client" {
  name   = "client"
  vpc_id = aws_vpc.main.id

  dynamic "egress" {
    for_each = toset(["tcp", "udp"])
    content {
      protocol    = egress.value
      from_port   = 0
      to_port     = 65535
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_security_group" "server" {
  for_each = var.ports

  name   = each.key
  vpc_id = aws_vpc.main.id

  dynamic "ingress" {
    for_each = each.value
    content {
      protocol        = "tcp"
      from_port       = ingress.value
      to_port         = ingress.value
      cidr_blocks     = each.key == "web" ? ["0.0.0.0/0"] : null
      security_groups = each.key == "web" ? null : [aws_security_group.client.id]
    }
  }
}

resource "aws_instance" "client" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main["b"].id
  vpc_security_group_ids = [aws_security_group.client.id]
}

resource "aws_instance" "server" {
  for_each = var.ports

  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main["a"].id
  vpc_security_group_ids = [aws_security_group.server[each.key].id]
}
